-- MySQL dump 10.13
-- Made after the tables of osTicket's installer; not a real dump.
CREATE TABLE `ost_attachment` (
  `id` int(10) unsigned NOT NULL AUTO_INCREMENT,
  `object_id` int(11) unsigned NOT NULL,
  `type` char(1) NOT NULL,
  `file_id` int(11) unsigned NOT NULL,
  `name` varchar(255) DEFAULT NULL,
  `inline` tinyint(1) unsigned NOT NULL DEFAULT '0',
  PRIMARY KEY (`id`)
) ENGINE=InnoDB;
INSERT INTO `ost_attachment` VALUES (1,501,'H',9,NULL,0);
INSERT INTO `ost_department` (`id`, `name`) VALUES (1,'Shop');
INSERT INTO `ost_file` (`id`, `type`, `size`, `key`, `name`) VALUES (9,'image/png',9,'k','cup.png');
INSERT INTO `ost_file_chunk` (`file_id`, `chunk_id`, `filedata`) VALUES (9,1,0x696374757265),(9,0,_binary 'a\0p');
INSERT INTO `ost_staff` (`staff_id`, `firstname`, `lastname`, `email`) VALUES (21,'Bob','','bob@example.com');
INSERT INTO `ost_thread` (`id`, `object_id`, `object_type`) VALUES (40,8,'T'),(41,3,'A');
INSERT INTO `ost_thread_entry` (`id`, `thread_id`, `staff_id`, `user_id`, `type`, `poster`, `body`, `format`, `created`) VALUES (501,40,0,31,'M','Dace','It came broken.\nIt\'s a ''cup'' (blue); x','text','2024-03-01 10:00:00'),(502,40,21,0,'R','Bob','<p>We send another.</p>','html','2024-03-01 11:00:00'),(503,40,21,0,'N','Bob','ask the potter','text','2024-03-01 11:05:00'),(504,41,21,0,'N','Bob','a task','text','2024-03-01 11:06:00');
INSERT INTO `ost_ticket` (`ticket_id`, `number`, `user_id`, `status_id`, `dept_id`, `staff_id`, `source`, `closed`, `created`, `lastupdate`) VALUES (8,'100008',31,3,1,21,'Email','2024-03-02 09:00:00','2024-03-01 10:00:00','2024-03-02 09:00:00');
INSERT INTO `ost_ticket__cdata` (`ticket_id`, `subject`, `priority`) VALUES (8,'Broken cup','4');
INSERT INTO `ost_ticket_priority` (`priority_id`, `priority`) VALUES (4,'emergency');
INSERT INTO `ost_ticket_status` (`id`, `name`, `state`) VALUES (3,'Closed','closed');
INSERT INTO `ost_user` (`id`, `org_id`, `default_email_id`, `name`) VALUES (31,0,5,'Dace');
INSERT INTO `ost_user_email` (`id`, `user_id`, `address`) VALUES (5,31,'dace@customer.example');
-- Dump completed on 2024-03-03 10:00:00
